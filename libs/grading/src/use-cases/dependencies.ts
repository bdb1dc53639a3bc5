import type { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import type { AuditLog, UnitOfWork, UserRepository } from '#libs/identity';
import type { CourseAccess, CourseMediaRepository } from '#libs/learning';
import type { ModelQueue, ModelRepository } from '#libs/models';
import type { ExtensionRepository } from '../extension.ports.js';
import type { FileRepository } from '../files.ports.js';
import type {
  AssignmentRepository,
  GradingQueue,
  ScoreRepository,
  SubmissionRepository,
  WorkHintRepository,
} from '../ports.js';
import type { RegradeRepository } from '../regrade.ports.js';
import type { DecisionRepository } from '../trust.ports.js';

/** What the path of a piece of work needs, from handing in to review. */
export interface GradingDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly users: UserRepository;
  readonly assignments: AssignmentRepository;
  readonly extensions: ExtensionRepository;
  readonly submissions: SubmissionRepository;
  readonly scores: ScoreRepository;
  readonly decisions: DecisionRepository;
  readonly hints: WorkHintRepository;
  readonly regrades: RegradeRepository;
  readonly files: FileRepository;
  /** Pictures of courses, such as those that are labelled. */
  readonly media: CourseMediaRepository;
  /** What models judged of works. */
  readonly models: ModelRepository;
  readonly modelQueue: ModelQueue;
  readonly queue: GradingQueue;
  readonly audit: AuditLog;
  readonly events: EventLog;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly ids: IdSource;
}
