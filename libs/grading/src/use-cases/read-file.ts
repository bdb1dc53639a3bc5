import { fail, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { FileRepository, FileStore, StoredFile } from '../files.ports.js';
import type { SubmissionRepository } from '../ports.js';

/**
 * Lets somebody see a picture: its owner, unless it was handed in for her and withdrawn, for then it may be another's; and the
 * teachers of a course where it was handed in.
 */
export class ReadFile {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly files: FileRepository,
    private readonly submissions: SubmissionRepository,
    private readonly store: FileStore,
  ) {}

  async execute(actor: Actor, id: string): Promise<StoredFile | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const file = await this.files.findFile(id);
      const may = file !== null && ((await this.isHers(actor, file)) || (await this.isTeacherOf(actor, file)));
      return may ? file : fail('NOT_FOUND', 'There is no such file for you.');
    });
  }

  /** The bytes of a file that was read before. */
  async bytesOf(actor: Actor, { sha256 }: StoredFile): Promise<Uint8Array | Failure> {
    return (
      (await this.store.get(actor.institutionId, sha256)) ??
      fail('NOT_FOUND', 'The file is not on this server: its folder was emptied, or is not shared by all servers.')
    );
  }

  private async isHers({ userId }: Actor, { id, ownerId }: StoredFile): Promise<boolean> {
    return ownerId === userId && !(await this.submissions.isWithdrawn(id));
  }

  private async isTeacherOf(actor: Actor, { id, ownerId }: StoredFile): Promise<boolean> {
    for (const courseId of await this.submissions.listCoursesOfFile(id, ownerId)) {
      if ((await this.access.roleIn(actor, courseId)) === 'teacher') return true;
    }
    return false;
  }
}
