// npm start: installs, generates and builds what is missing or out of date, then runs Attune until Ctrl-C.
// Nothing newer than Node 12 in this file: it has to be able to say which Node it needs.
var needed = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error('Attune needs Node ' + needed.join('.') + ' or newer, and this is ' + process.versions.node + '.');
  console.error('Get a current one from https://nodejs.org and run npm start again.');
  process.exit(2);
}

import('./prepare.mjs')
  .then(function (prepare) {
    return prepare.prepareOrExit();
  })
  .then(function (root) {
    // In this very process: a signal reaches the supervisor once, and npm sees its exit code.
    process.argv = [process.argv[0], root + '/dist/apps/cli/src/main.js', 'serve'].concat(process.argv.slice(2));
    return import(new URL('../dist/apps/cli/src/main.js', import.meta.url).href);
  })
  .catch(function (error) {
    console.error('Attune could not start, for a reason that it did not expect:');
    console.error(error);
    process.exit(1);
  });
