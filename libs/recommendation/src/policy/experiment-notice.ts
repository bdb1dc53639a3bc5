import { catalogues, type ExplanationLanguage } from '../words/catalogue.js';

/** What a learner is told while policies are compared in her course: that they are, that it does not count, how to stay out. */
export function experimentNotice(language: ExplanationLanguage): string {
  return catalogues[language].experimentNotice;
}
