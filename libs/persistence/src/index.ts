export * from './embedded/index.js';
export * from './migrations/index.js';
export { SqlEventLog } from './events/event.log.js';
export {
  PrismaApiKeyRepository,
  PrismaSignInRepository,
  SqlInstitutionDirectory,
} from './identity/credential.repositories.js';
export { findInstitutionBySlug } from './identity/find-institution.js';
export { SqlRateLimiter } from './identity/rate.limiter.js';
export { SignInRetention } from './identity/sign-in.retention.js';
export { SigningKeyRepository } from './identity/signing-key.repository.js';
export { PrismaUserRepository } from './identity/user.repository.js';
export { EnrolmentCourseAccess } from './learning/course.access.js';
export { Database, OperationScope } from './tenancy/database.js';
export { isUnavailable } from './tenancy/errors.js';
export { PrismaCourseControlsRepository } from './tutoring/course-controls.repository.js';
export { SqlDecisionArchive } from './tutoring/decision.archive.js';
export { SqlPopulationStore } from './tutoring/population.store.js';
export { SqlDueLearnerRepository } from './tutoring/due-learner.repository.js';
export { PrismaPolicyRepository } from './tutoring/policy.repository.js';
export { SqlHelpLedger } from './tutoring/help.ledger.js';
export { SqlLearnerArchive } from './tutoring/learner.archive.js';
export { CachedCatalogueSource } from './tutoring/catalogue.source.js';
export { SqlTutoringStore } from './tutoring/tutoring.store.js';
export { SqlCredentialStanding } from './identity/credential.standing.js';
export { PrismaCourseRepository } from './learning/course.repository.js';
export { PrismaInstitutionRepository } from './identity/institution.repository.js';
export { PrismaEnrolmentRepository } from './learning/enrolment.repository.js';
export { PrismaAuditLog } from './governance/audit.log.js';
export { ConsentedEngagementSharing } from './governance/engagement.sharing.js';
export { PrismaConsentRepository } from './governance/consent.repository.js';
export { PrismaAccommodationRepository } from './learning/accommodation.repository.js';
export { PrismaCourseMediaRepository } from './learning/course-media.repository.js';
export { SqlCourseReader } from './learning/course.reader.js';
export { EventRetention } from './events/event.retention.js';
export { PrismaRunRepository } from './training/run.repository.js';
export { PrismaDatasetImportRepository } from './training/dataset-import.repository.js';
export { PrismaDatasetRepository } from './training/dataset.repository.js';
export { SqlPictureSource } from './training/picture.source.js';
export { PrismaModelRepository } from './models/model.repository.js';
export { PrismaAssignmentRepository } from './grading/assignment.repository.js';
export { PrismaFileRepository } from './grading/file.repository.js';
export { PrismaScoreRepository } from './grading/score.repository.js';
export { PrismaSubmissionRepository } from './grading/submission.repository.js';
export { PrismaWorkHintRepository } from './grading/work-hint.repository.js';
export { AmbientStatements } from './tenancy/ambient-statements.js';
export { PrismaSessionRepository } from './tutoring/session.repository.js';
