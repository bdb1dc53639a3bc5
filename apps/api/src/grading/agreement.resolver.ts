import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Agreement } from '#libs/grading';
import { confusionPlot, reliabilityPlot } from './agreement-plots.js';
import { AgreementType } from './trust.type.js';

/** Agreement as pictures. */
@Resolver(() => AgreementType)
export class AgreementResolver {
  @ResolveField(() => String, { description: 'SVG: the share that is exact by confidence, a dot for each tenth.' })
  reliabilityPlot(@Parent() { reliability }: Agreement): string {
    return reliabilityPlot(reliability);
  }

  @ResolveField(() => String, { description: 'SVG: how often the teacher awarded what the program gave.' })
  confusionPlot(@Parent() { levels, confusion }: Agreement): string {
    return confusionPlot(levels, confusion);
  }
}
