/** The demo school as the command line founds it, for tests inside one process. */
export { readCourseFolder, readCourseMedia } from '../../apps/cli/src/course/read-course-folder.js';
export { seedDemoSchool } from '../../apps/cli/src/seed/demo-school.js';
export { withSeedServices } from '../../apps/cli/src/seed/seed-context.js';
export { ensureDemoSchool, findDemoSchool } from '../../apps/cli/src/seed/ensure-demo-school.js';
