import { Injectable } from '@nestjs/common';

/** Whether this process still takes new work. A proxy that asks /health/ready turns away before connections close. */
@Injectable()
export class Readiness {
  draining = false;
}
