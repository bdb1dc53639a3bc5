import { Module } from '@nestjs/common';
import { LearningModule, TutoringModule } from '#libs/composition';
import { AccommodationsResolver } from './accommodations.resolver.js';
import { ActivityResolver } from './activity.resolver.js';
import { CourseFieldsResolver } from './course-fields.resolver.js';
import { CourseResolver } from './course.resolver.js';
import { EnrolmentResolver } from './enrolment.resolver.js';
import { MediaController } from './media.controller.js';

@Module({
  imports: [LearningModule, TutoringModule],
  controllers: [MediaController],
  providers: [CourseResolver, CourseFieldsResolver, ActivityResolver, EnrolmentResolver, AccommodationsResolver],
})
export class LearningApi {}
