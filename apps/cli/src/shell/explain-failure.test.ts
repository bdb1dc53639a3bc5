import { describe, expect, it } from 'vitest';
import { EmbeddedPostgresError, MigrationError } from '#libs/persistence';
import { EXIT_CODE } from './exit-code.js';
import { explainFailure } from './explain-failure.js';

const context = { dataFolder: '/data/attune', databaseUrl: 'postgresql://ann:secret@db.example:5433/school' };

/** An error as Node and pg make them: a message and a code. */
function coded(code: string, properties: object = {}): Error {
  return Object.assign(new Error('raw'), { code, ...properties });
}

describe('explainFailure', () => {
  it.each([
    [coded('ECONNREFUSED'), EXIT_CODE.database, 'Nothing answers at db.example:5433.'],
    [new AggregateError([coded('ECONNREFUSED')]), EXIT_CODE.database, 'Nothing answers at db.example:5433.'],
    [coded('ENOTFOUND'), EXIT_CODE.database, 'The name of the database server, db.example:5433, is not known.'],
    [coded('28P01'), EXIT_CODE.database, 'db.example:5433 refuses the user "ann".'],
    [coded('3D000'), EXIT_CODE.database, 'There is no database "school" at db.example:5433.'],
    [coded('42501'), EXIT_CODE.database, 'The user "ann" of DATABASE_URL has too few rights (raw).'],
    [new MigrationError('failed', 'm', 'x', { cause: coded('53100') }), EXIT_CODE.database, 'The disk of the database'],
    [new MigrationError('changed', 'm', 'It was changed.'), EXIT_CODE.database, 'It was changed.'],
    [new Error('timeout expired'), EXIT_CODE.database, 'db.example:5433 does not answer within 10 seconds.'],
    [coded('ENOSPC'), EXIT_CODE.dataFolder, 'The disk that holds /data/attune is full.'],
    [coded('EACCES', { path: '/data/attune/secret' }), EXIT_CODE.dataFolder, 'Attune may not write to its data folder'],
    [coded('ENOTDIR', { path: '/data' }), EXIT_CODE.dataFolder, 'The data folder /data/attune is not a folder.'],
    [new EmbeddedPostgresError('broken-folder', 'It is damaged.'), EXIT_CODE.dataFolder, 'It is damaged.'],
    [new EmbeddedPostgresError('will-not-start', 'It will not.'), EXIT_CODE.part, 'It will not.'],
  ])('says it plainly: %s', (error, exitCode, sentence) => {
    const failure = explainFailure(error, context);
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.message).toContain(sentence);
    expect(failure.message).not.toContain('secret');
  });

  it('keeps the stack of what it does not know', () => {
    const failure = explainFailure(coded('EACCES', { path: '/somewhere/else' }), context);
    expect(failure.exitCode).toBe(EXIT_CODE.unexpected);
    expect(failure.detail.join('\n')).toContain('explain-failure.test.ts');
  });
});
