import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import type { CourseFolder } from '#libs/learning';

/** Reads a course folder: `course.yaml`, `skills.yaml`, and the Markdown files with YAML heads in `activities/`. */
export async function readCourseFolder(folder: string): Promise<CourseFolder> {
  const yaml = async (name: string): Promise<unknown> => parse(await readFile(join(folder, name), 'utf8'));
  const files = (await readdir(join(folder, 'activities'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return {
    course: await yaml('course.yaml'),
    skills: await yaml('skills.yaml'),
    activities: await Promise.all(
      files.map(async (file) => ({ file: relative(folder, file), ...splitHead(await readFile(file, 'utf8')) })),
    ),
  };
}

/** Parts the YAML head between `---` lines from the body that follows it. */
function splitHead(text: string): { head: unknown; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (match === null) return { head: {}, body: text };
  return { head: parse(match[1]!), body: match[2]! };
}

/** A picture of a course folder. */
export interface FolderPicture {
  /** File name, as activities mention it behind `media/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const picture = /\.(png|jpg|jpeg|webp)$/;

/** Reads the pictures in `media/`; drawings that they were made from stay where they are. */
export async function readCourseMedia(folder: string): Promise<FolderPicture[]> {
  const names = (await readdir(join(folder, 'media')).catch(() => [])).filter((name) => picture.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, 'media', name)) })));
}
