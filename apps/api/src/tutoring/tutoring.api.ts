import { Module } from '@nestjs/common';
import { TutoringModule } from '#libs/composition';
import { ClassEngagementResolver } from './class-engagement.resolver.js';
import { CourseControlsResolver } from './course-controls.resolver.js';
import { DecisionResolver } from './decision.resolver.js';
import { OfferResolver } from './offer.resolver.js';
import { MasteryResolver } from './mastery.resolver.js';
import { LearnGateway } from './learn.gateway.js';
import { PolicyResolver } from './policy.resolver.js';
import { RecommendationResolver } from './recommendation.resolver.js';
import { ResponseResolver } from './response.resolver.js';
import { SampleHandlers } from './sample.handlers.js';
import { ResponseHandlers } from './response.handlers.js';
import { SessionHandlers } from './session.handlers.js';
import { SessionResolver } from './session.resolver.js';

@Module({
  imports: [TutoringModule],
  providers: [
    SessionResolver,
    RecommendationResolver,
    ResponseResolver,
    ClassEngagementResolver,
    CourseControlsResolver,
    DecisionResolver,
    OfferResolver,
    MasteryResolver,
    PolicyResolver,
    ResponseHandlers,
    SampleHandlers,
    SessionHandlers,
    LearnGateway,
  ],
})
export class TutoringApi {}
