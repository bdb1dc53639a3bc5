import { NestFactory } from '@nestjs/core';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { CoreModule, GradingModule, IdentityModule, LearningModule, SilentRealtimeModule } from '#libs/composition';
import { IdSource } from '#libs/kernel';
import { AssignmentRepository, ManageAssignments } from '#libs/grading';
import {
  CreateInstitution,
  InstitutionDirectory,
  ManageUsers,
  PasswordHasher,
  UnitOfWork,
  UserRepository,
} from '#libs/identity';
import { CourseRepository, ImportCourse, ManageEnrolments } from '#libs/learning';
import { Database } from '#libs/persistence';
import { makeLogger, NestLogger, parseConfig } from '#libs/platform';
import type { SeedServices } from './demo-school.js';

@Module({})
class SeedModule {
  static forRoot(environment: Record<string, string>): DynamicModule {
    const config = parseConfig(environment);
    return {
      module: SeedModule,
      imports: [
        // A whole course comes in by one unit of work, on whatever machine this is.
        CoreModule.forRoot(config, makeLogger('warn', 'seed'), { writeLimit: 300_000 }),
        SilentRealtimeModule,
        IdentityModule,
        LearningModule,
        GradingModule,
      ],
    };
  }
}

/** Runs work with the use cases that found a school, on a database of the application role. */
export async function withSeedServices<T>(
  settings: { readonly appUrl: string; readonly secret: string },
  work: (services: SeedServices, context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const environment = { DATABASE_APP_URL: settings.appUrl, ATTUNE_SECRET: settings.secret, DATABASE_POOL_SIZE: '4' };
  const context = await NestFactory.createApplicationContext(SeedModule.forRoot(environment), {
    logger: new NestLogger(makeLogger('warn', 'seed')),
    abortOnError: false,
  });
  try {
    const database = context.get(Database, { strict: false });
    const hasher = context.get(PasswordHasher, { strict: false });
    const services: SeedServices = {
      directory: context.get(InstitutionDirectory, { strict: false }),
      createInstitution: context.get(CreateInstitution, { strict: false }),
      users: context.get(ManageUsers, { strict: false }),
      people: context.get(UserRepository, { strict: false }),
      setPassword: async (id, password) => {
        const passwordHash = await hasher.hash(password);
        const { institutionId } = database;
        const client = await database.tenant();
        await client.user.update({ where: { institutionId_id: { institutionId, id } }, data: { passwordHash } });
      },
      importCourse: context.get(ImportCourse, { strict: false }),
      unitOfWork: context.get(UnitOfWork, { strict: false }),
      courses: context.get(CourseRepository, { strict: false }),
      assignments: context.get(ManageAssignments, { strict: false }),
      assigned: context.get(AssignmentRepository, { strict: false }),
      enrolments: context.get(ManageEnrolments, { strict: false }),
      ids: context.get(IdSource, { strict: false }),
    };
    return await work(services, context);
  } finally {
    await context.close();
  }
}
