export * from './ports/acting.js';
export * from './ports/of-courses.js';
export * from './ports/of-learners.js';
