/** A later due date of an assignment for one learner. */
export interface Extension {
  readonly assignmentId: string;
  readonly learnerId: string;
  readonly dueAt: Date;
  readonly grantedAt: Date;
}

/** Extensions. All verbs run inside a unit of work. */
export abstract class ExtensionRepository {
  /** The extensions that a learner has, by assignment. */
  abstract findOwn(assignmentIds: readonly string[], learnerId: string): Promise<ReadonlyMap<string, Date>>;
  /** The extensions of some assignments, the earliest granted first. */
  abstract listExtensions(assignmentIds: readonly string[]): Promise<Extension[]>;
  /** Grants one, or moves the one that there is. @param grantedBy pseudonym of the teacher */
  abstract saveExtension(extension: Extension, grantedBy: string): Promise<void>;
  /** Harmless where there is none. */
  abstract removeExtension(assignmentId: string, learnerId: string): Promise<void>;
}
