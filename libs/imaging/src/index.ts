export * from './sharp-picture.cleaner.js';
