import { z } from 'zod';
import {
  archiveEventSchema,
  payloadSchemas,
  type ScoredEventType,
} from '../../domain/archive-event.ts';
import { objectShape, type Shape, WHOLE } from './pick-json.ts';

/** The parts of an event that its schemas look at: what is not checked is not read. */

export const EVENT_SHAPES = Object.fromEntries(
  Object.entries(payloadSchemas).map(([type, payload]) => [
    type,
    shapeOf(archiveEventSchema.extend({ payload })),
  ]),
) as Readonly<Record<ScoredEventType, Shape>>;

export const TYPE_SHAPE = objectShape({ type: WHOLE });

function shapeOf(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return shapeOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return { type: 'list', item: shapeOf(schema.element) };
  if (!(schema instanceof z.ZodObject)) return WHOLE;
  const fields = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
  return objectShape(Object.fromEntries(fields.map(([key, field]) => [key, shapeOf(field)])));
}
