export * from './model/behaviour.js';
export * from './model/parse-behaviour-state.js';
export * from './policy/item-norm.js';
export * from './policy/observe.js';
export * from './policy/summarise-class.js';
