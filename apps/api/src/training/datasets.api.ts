import { Module } from '@nestjs/common';
import { DatasetsModule } from '#libs/composition';
import { DatasetResolver } from './dataset.resolver.js';
import { ImageController } from './image.controller.js';

/** Datasets of labelled images, for teachers. */
@Module({ imports: [DatasetsModule], providers: [DatasetResolver], controllers: [ImageController] })
export class DatasetsApi {}
