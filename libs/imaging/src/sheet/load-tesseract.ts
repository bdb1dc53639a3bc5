// Tesseract inside a thread of its own: its calls hold the thread that makes them, and its memory grows and never shrinks.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SheetScript } from '#libs/grading';

/** What is used of Tesseract; its package has no types. */
interface TesseractModule {
  readonly FS: { writeFile(path: string, bytes: Uint8Array | string): void };
  readonly TessBaseAPI: new () => TesseractApi;
  readonly ChoiceIterator: new (symbols: SymbolIterator) => Choices;
  destroy(thing: object): void;
}

interface TesseractApi {
  Init(folder: null, language: string, engine: number, settings: string): number;
  SetVariable(name: string, value: string): boolean;
  SetPageSegMode(mode: number): void;
  SetImageFile(isUpright: number, angle: number): number;
  Recognize(monitor: null): number;
  GetIterator(): SymbolIterator;
}

interface SymbolIterator {
  Begin(): void;
  Next(level: number): boolean;
  Empty(level: number): boolean;
  IsAtBeginningOf(level: number): boolean;
  GetUTF8Text(level: number): string;
  /** 0 to 100. */
  Confidence(level: number): number;
}

interface Choices {
  GetUTF8Text(): string;
  /** 0 to 100. */
  Confidence(): number;
  Next(): boolean;
}

/** A character as Tesseract saw it: what it may be, and how sure it is of each, from 0 to 1. */
export interface ReadCharacter {
  readonly startsWord: boolean;
  readonly choices: readonly { readonly text: string; readonly sureness: number }[];
}

/** A grey picture, row by row. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Reads one line of writing. */
export interface LineReader {
  read(picture: GreyPicture): ReadCharacter[];
  /** Bytes that it holds; they never become fewer. */
  readonly heldBytes: number;
}

/** Language data of each script: networks of whole numbers (“best, integer”), a tenth as large as the standard ones. */
const languages = { latin: 'eng', han: 'chi_sim' } as const satisfies Record<SheetScript, string>;

/** Words are not guessed at by a dictionary: a misspelling is what is to be seen. */
const noDictionary = ['system', 'freq', 'punc', 'number', 'unambig', 'bigram'].map((dawg) => `load_${dawg}_dawg 0\n`);

const levels = { word: 3, symbol: 4 } as const;
const engine = { neuralNet: 1 } as const;
const segmentation = { singleLine: 7 } as const;

/** What there is of WebAssembly; the types of Node do not know it. */
interface WebAssemblyApi {
  Memory: new () => { readonly buffer: ArrayBuffer };
  instantiate(
    binary: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Record<string, unknown> }; readonly module: object }>;
}

/** Loads Tesseract for one script, with language data from a package: nothing is fetched. */
export async function loadTesseract(script: SheetScript): Promise<LineReader> {
  const require = createRequire(import.meta.url);
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  let memory: { readonly buffer: ArrayBuffer } | undefined;
  const build = 'tesseract.js-core/tesseract-core-simd-lstm';
  const load = require(`${build}.js`) as (settings: object) => Promise<TesseractModule>;
  const tesseract = await load({
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports: object, done: (instance: object, module: object) => void) {
      void wasm.instantiate(readFileSync(require.resolve(`${build}.wasm`)), imports).then(({ instance, module }) => {
        memory = Object.values(instance.exports).find((each) => each instanceof wasm.Memory) as typeof memory;
        done(instance, module);
      });
      return {};
    },
  });
  const language = languages[script];
  const folder = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`));
  const packed = readFileSync(join(folder, '4.0.0_best_int', `${language}.traineddata.gz`));
  tesseract.FS.writeFile(`${language}.traineddata`, gunzipSync(packed));
  tesseract.FS.writeFile('/settings', noDictionary.join(''));
  const api = new tesseract.TessBaseAPI();
  if (api.Init(null, language, engine.neuralNet, '/settings') !== 0) throw new Error(`Tesseract has no ${language}.`);
  api.SetVariable('lstm_choice_mode', '2');
  api.SetPageSegMode(segmentation.singleLine);
  return {
    // A Chinese character is read as a few codes: what there is to choose from are codes, and not characters.
    read: (picture) => readLine(tesseract, api, picture, script === 'latin' ? choicesOf : characterOf),
    get heldBytes() {
      return memory?.buffer.byteLength ?? 0;
    },
  };
}

type ChoicesOf = (tesseract: TesseractModule, symbols: SymbolIterator) => ReadCharacter['choices'];

function readLine(
  tesseract: TesseractModule,
  api: TesseractApi,
  { width, height, data }: GreyPicture,
  choicesAt: ChoicesOf,
): ReadCharacter[] {
  const header = Buffer.from(`P5\n${width} ${height}\n255\n`);
  tesseract.FS.writeFile('/input', Buffer.concat([header, data]));
  api.SetImageFile(1, 0);
  if (api.Recognize(null) !== 0) return [];
  const symbols = api.GetIterator();
  const read: ReadCharacter[] = [];
  try {
    symbols.Begin();
    do {
      if (symbols.Empty(levels.symbol)) break;
      const choices = choicesAt(tesseract, symbols);
      if (choices.length > 0) read.push({ startsWord: symbols.IsAtBeginningOf(levels.word), choices });
    } while (symbols.Next(levels.symbol));
  } finally {
    tesseract.destroy(symbols);
  }
  return read;
}

/** The character that was read, and nothing else. */
function characterOf(_: TesseractModule, symbols: SymbolIterator): ReadCharacter['choices'] {
  const text = symbols.GetUTF8Text(levels.symbol);
  return text ? [{ text, sureness: sureness(symbols.Confidence(levels.symbol)) }] : [];
}

function choicesOf(tesseract: TesseractModule, symbols: SymbolIterator): ReadCharacter['choices'] {
  const iterator = new tesseract.ChoiceIterator(symbols);
  const choices: { text: string; sureness: number }[] = [];
  try {
    do {
      const text = iterator.GetUTF8Text();
      if (text) choices.push({ text, sureness: sureness(iterator.Confidence()) });
    } while (iterator.Next());
  } finally {
    tesseract.destroy(iterator);
  }
  return choices;
}

function sureness(percent: number): number {
  return Math.max(0, Math.min(100, percent)) / 100;
}
