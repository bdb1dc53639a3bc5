/** What operations of several files select of one thing. */
export const courseFields = 'id externalId title language masteryThreshold';
export const skillFields = 'id externalId name position prerequisiteIds';
export const taughtFields = 'id kind modality current { version difficulty minutes skillIds content }';
export const learnerActivityFields = `activityId version kind modality language title body minutes skillIds hintCount
  media { src alternativeText caption }
  form { kind options { id text } items { id text } unit maxLength image }`;
