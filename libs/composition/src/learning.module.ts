import { Module } from '@nestjs/common';
import { Clock, IdSource } from '#libs/kernel';
import { KnownSpecifications } from '#libs/grading';
import { AuditLog, RateLimiter, RevocationNotifier, UnitOfWork, UserRepository } from '#libs/identity';
import {
  AccommodationRepository,
  CourseAccess,
  CourseMediaRepository,
  CourseReader,
  CourseRepository,
  EnrolmentRepository,
  ImportCourse,
  ManageActivities,
  ManageCourses,
  ManageEnrolments,
  WorkSpecification,
  PictureCleaner,
  ReadActivities,
  ReadCourseMedia,
  ReadCourses,
  SaveSkillGraph,
  SetAccommodations,
  StoreCourseMedia,
  type LearningDependencies,
} from '#libs/learning';
import {
  Database,
  PrismaAccommodationRepository,
  PrismaCourseMediaRepository,
  PrismaCourseRepository,
  PrismaEnrolmentRepository,
  SqlCourseReader,
} from '#libs/persistence';
import { AuditModule } from './audit.module.js';
import { DecodingModule } from './decoding.module.js';
import { IdentityModule } from './identity.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<LearningDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  courses: CourseRepository,
  enrolments: EnrolmentRepository,
  users: UserRepository,
  accommodations: AccommodationRepository,
  media: CourseMediaRepository,
  cleaner: PictureCleaner,
  limiter: RateLimiter,
  specifications: WorkSpecification,
  notifier: RevocationNotifier,
  audit: AuditLog,
  clock: Clock,
});

const acts = [
  ManageCourses,
  SaveSkillGraph,
  ManageActivities,
  ManageEnrolments,
  SetAccommodations,
  StoreCourseMedia,
] as const;

const repositories = [
  adapt(CourseRepository, PrismaCourseRepository, Database),
  adapt(CourseReader, SqlCourseReader, Database),
  adapt(EnrolmentRepository, PrismaEnrolmentRepository, Database),
  adapt(AccommodationRepository, PrismaAccommodationRepository, Database),
  adapt(CourseMediaRepository, PrismaCourseMediaRepository, Database),
];

/** Courses, skills, activities and who takes part. */
@Module({
  imports: [IdentityModule, AuditModule, DecodingModule],
  providers: [
    ...repositories,
    { provide: WorkSpecification, useClass: KnownSpecifications },
    ...acts.map((act) => collaborators.bind<object>(act)),
    collaborators.bind(ImportCourse, { ids: IdSource }),
    bind(ReadCourses, UnitOfWork, CourseAccess, CourseRepository, CourseReader),
    bind(ReadActivities, UnitOfWork, CourseAccess, CourseRepository, CourseReader),
    bind(ReadCourseMedia, UnitOfWork, CourseAccess, CourseMediaRepository),
  ],
  exports: [
    ...repositories.map(({ provide }) => provide),
    ...acts,
    ImportCourse,
    ReadCourses,
    ReadActivities,
    ReadCourseMedia,
    DecodingModule,
  ],
})
export class LearningModule {}
