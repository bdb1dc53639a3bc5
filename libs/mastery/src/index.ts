export * from './model/mastery-state.js';
export * from './policy/elo.js';
