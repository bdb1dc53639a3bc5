import { certificationNumbers, certify, type Certification } from '../policy/certification.js';
import type { DecisionRepository, GraderPool } from '../trust.ports.js';

/** What audits say of some pools, in their order. To be called inside a unit of work. */
export async function certificationsOf(
  decisions: DecisionRepository,
  pools: readonly GraderPool[],
): Promise<Certification[]> {
  const audits = await decisions.listAudits(pools, certificationNumbers.history);
  return audits.map(certify);
}
