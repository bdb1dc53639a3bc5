import type { SensingRule } from '../model/sensing.js';

/** ISO 3166 codes: the European Union, and with it the other states of the European Economic Area. */
const economicArea = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO'.split(
  ' ',
);

/**
 * What the law is known to forbid. It is data: a change of the law is a change of this list, which a lawyer can read. A place that
 * is not here is not thereby allowed anything: see `review` in {@link SensingLimit}.
 */
export const sensingRules: readonly SensingRule[] = [
  {
    id: 'eu-ai-act-5-1-f',
    title: 'Inferring emotions, attention or interest from biometric data is prohibited in education.',
    jurisdictions: economicArea,
    institutionKinds: null,
    most: 'behaviour',
    source: {
      title: 'Regulation (EU) 2024/1689 (Artificial Intelligence Act), Article 5(1)(f)',
      url: 'https://eur-lex.europa.eu/eli/reg/2024/1689/oj',
    },
    inForceSince: '2025-02-02',
    reviewedOn: '2026-11-27',
  },
  {
    id: 'us-il-school-code-10-20.40',
    title: 'School districts may use biometric information of students for identification and fraud prevention only.',
    jurisdictions: ['US-IL'],
    institutionKinds: ['school-district', 'school'],
    most: 'behaviour',
    source: {
      title: 'Illinois School Code, 105 ILCS 5/10-20.40 and 5/34-18.34',
      url: 'https://www.ilga.gov/legislation/ilcs/ilcs3.asp?ActID=1005&ChapterID=17',
    },
    inForceSince: '2008-08-01',
    reviewedOn: '2026-11-27',
  },
];
