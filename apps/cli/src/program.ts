import { Command } from 'commander';
import { projectVersion } from '#libs/platform';
import { addAuditCommand } from './audit/audit.command.js';
import { addDocsCommand } from './docs/docs.command.js';
import { addDoctorCommand } from './doctor/doctor.command.js';
import { addEvaluateCommand } from './evaluate/evaluate.command.js';
import { addInstitutionCommand } from './institution/institution.command.js';
import { addJobsCommand } from './jobs/jobs.command.js';
import { addExportCommand } from './export/export.command.js';
import { addFitCommand, addRebuildCommand } from './mastery/mastery.commands.js';
import { addMigrateCommand } from './migrate/migrate.command.js';
import { addModelCommand } from './model/model.command.js';
import { addServeCommand } from './serve/serve.command.js';
import { addTrainCommand } from './train/train.command.js';
import { addSimulateCommand } from './simulate/simulate.command.js';

/** The `attune` command with all its commands; docs/cli.md is generated from it. */
export function buildProgram(): Command {
  const program = new Command('attune')
    .description('Adaptive learning: mastery, visual grading and engagement')
    .version(projectVersion);
  addServeCommand(program);
  addMigrateCommand(program);
  addInstitutionCommand(program);
  addJobsCommand(program);
  addSimulateCommand(program);
  addEvaluateCommand(program);
  addExportCommand(program);
  addModelCommand(program);
  addTrainCommand(program);
  addFitCommand(program);
  addRebuildCommand(program);
  addAuditCommand(program);
  addDoctorCommand(program);
  addDocsCommand(program);
  return program;
}
