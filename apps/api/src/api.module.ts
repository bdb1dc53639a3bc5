import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CoreModule } from '#libs/composition';
import type { Config } from '#libs/platform';
import { GovernanceApi } from './governance/governance.api.js';
import { GradingApi } from './grading/grading.api.js';
import { ScansApi } from './grading/scans.api.js';
import { ApiGraphqlModule } from './graphql/graphql.module.js';
import { IdentityApi } from './identity/identity.api.js';
import { LearningApi } from './learning/learning.api.js';
import { ModelsApi } from './models/models.api.js';
import { OperationApi } from './operation/operation.api.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { TrainingApi } from './training/training.api.js';
import { TutoringApi } from './tutoring/tutoring.api.js';

/** One module for each domain; each brings its resolvers, socket handlers and routes. */
@Module({})
export class ApiModule {
  static forRoot(config: Config, logger: Logger): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        CoreModule.forRoot(config, logger),
        OperationApi,
        RealtimeModule,
        ApiGraphqlModule,
        IdentityApi,
        LearningApi,
        GovernanceApi,
        TutoringApi,
        GradingApi,
        ScansApi,
        ModelsApi,
        TrainingApi,
      ],
    };
  }
}
