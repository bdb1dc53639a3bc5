import { operation } from './operation.js';

/** How far a program is trusted with one type of criterion. */
export interface CertificationView {
  readonly kind: string;
  readonly criterionType: string;
  readonly grader: string;
  readonly graderVersion: number;
  readonly modelId: string | null;
  readonly state: string;
  readonly audits: number;
  readonly errors: number;
  readonly threshold: number | null;
  /** The upper 95 % bound of the share of errors from the threshold on. */
  readonly bound: number;
  readonly boundAudits: number;
  readonly boundErrors: number;
  readonly coverage: number | null;
  readonly hasDrifted: boolean;
  readonly auditsNeeded: number;
}

/** How a program agrees with teachers; null where the decisions do not say. */
export interface AgreementView {
  readonly decisions: number;
  readonly exact: number | null;
  readonly adjacent: number | null;
  readonly kappa: number | null;
  readonly weightedKappa: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly confidenceError: number | null;
  readonly calibrationError: number | null;
  readonly coverage: number | null;
  readonly byVersion: readonly PartialAgreementView[];
  readonly byMonth: readonly PartialAgreementView[];
  /** SVG. */
  readonly reliabilityPlot: string;
  /** SVG. */
  readonly confusionPlot: string;
}

interface PartialAgreementView {
  readonly name: string;
  readonly decisions: number;
  readonly exact: number;
}

const agreementFields = `decisions exact adjacent kappa weightedKappa { value low high } confidenceError calibrationError
  coverage byVersion { name decisions exact } byMonth { name decisions exact } reliabilityPlot confusionPlot`;

/** What the programs that grade for a course are trusted with; for its teachers. */
export const certifications = operation<
  { certifications: readonly CertificationView[] },
  { courseId: string }
>(`query Certifications($courseId: UUID!) {
    certifications(courseId: $courseId) { kind criterionType grader graderVersion modelId state audits errors threshold
      bound boundAudits boundErrors coverage hasDrifted auditsNeeded }
  }`);

/** How a program agrees with teachers on an assignment; for its teachers. */
export const agreement = operation<
  {
    agreement: {
      readonly works: number;
      readonly overall: AgreementView;
      readonly criteria: readonly {
        readonly criterionId: string;
        readonly label: string;
        readonly agreement: AgreementView;
      }[];
    };
  },
  { assignmentId: string }
>(`query Agreement($assignmentId: UUID!) {
    agreement(assignmentId: $assignmentId) { works overall { ${agreementFields} }
      criteria { criterionId label agreement { ${agreementFields} } } }
  }`);
