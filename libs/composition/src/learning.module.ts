import { Module } from '@nestjs/common';
import { Clock, IdSource } from '#libs/kernel';
import { LabelledPartsSpecification } from '#libs/grading';
import { AuditLog, RateLimiter, RevocationNotifier, UnitOfWork, UserRepository } from '#libs/identity';
import { SharpPictureCleaner } from '#libs/imaging';
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
  MarksSpecification,
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
import { IdentityModule } from './identity.module.js';
import { bind } from './use-case.js';

const DEPENDENCIES = Symbol('LearningDependencies');

const acts = [
  ManageCourses,
  SaveSkillGraph,
  ManageActivities,
  ManageEnrolments,
  SetAccommodations,
  StoreCourseMedia,
] as const;

const repositories = [
  [CourseRepository, PrismaCourseRepository],
  [CourseReader, SqlCourseReader],
  [EnrolmentRepository, PrismaEnrolmentRepository],
  [AccommodationRepository, PrismaAccommodationRepository],
  [CourseMediaRepository, PrismaCourseMediaRepository],
] as const;

/** Courses, skills, activities and who takes part. */
@Module({
  imports: [IdentityModule, AuditModule],
  providers: [
    ...repositories.map(([provide, Repository]) => ({
      provide,
      useFactory: (database: Database): object => new Repository(database),
      inject: [Database],
    })),
    { provide: MarksSpecification, useClass: LabelledPartsSpecification },
    { provide: PictureCleaner, useFactory: () => new SharpPictureCleaner() },
    {
      provide: DEPENDENCIES,
      useFactory: (
        unitOfWork: UnitOfWork,
        access: CourseAccess,
        courses: CourseRepository,
        enrolments: EnrolmentRepository,
        users: UserRepository,
        accommodations: AccommodationRepository,
        media: CourseMediaRepository,
        cleaner: PictureCleaner,
        limiter: RateLimiter,
        specifications: MarksSpecification,
        notifier: RevocationNotifier,
        audit: AuditLog,
        clock: Clock,
      ): LearningDependencies => ({
        unitOfWork,
        access,
        courses,
        enrolments,
        users,
        accommodations,
        media,
        cleaner,
        limiter,
        specifications,
        notifier,
        audit,
        clock,
      }),
      inject: [
        UnitOfWork,
        CourseAccess,
        CourseRepository,
        EnrolmentRepository,
        UserRepository,
        AccommodationRepository,
        CourseMediaRepository,
        PictureCleaner,
        RateLimiter,
        MarksSpecification,
        RevocationNotifier,
        AuditLog,
        Clock,
      ],
    },
    ...acts.map((Act) => ({
      provide: Act,
      useFactory: (deps: LearningDependencies): object => new Act(deps),
      inject: [DEPENDENCIES],
    })),
    {
      provide: ImportCourse,
      useFactory: (deps: LearningDependencies, ids: IdSource) => new ImportCourse(deps, ids),
      inject: [DEPENDENCIES, IdSource],
    },
    bind(ReadCourses, UnitOfWork, CourseAccess, CourseRepository, CourseReader),
    bind(ReadActivities, UnitOfWork, CourseAccess, CourseRepository, CourseReader),
    bind(ReadCourseMedia, UnitOfWork, CourseAccess, CourseMediaRepository),
  ],
  exports: [
    ...repositories.map(([provide]) => provide),
    ...acts,
    ImportCourse,
    ReadCourses,
    ReadActivities,
    ReadCourseMedia,
    PictureCleaner,
  ],
})
export class LearningModule {}
