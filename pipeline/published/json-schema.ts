import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of a document. A map whose keys are an enum (the periods, the kinds) has each of
 * them as a property: tools that generate code do not know `propertyNames`.
 */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => nameProperties(jsonSchema),
  });
  return described;
}

function nameProperties(schema: JsonSchema): void {
  const { propertyNames, additionalProperties } = schema;
  const names = typeof propertyNames === 'object' ? propertyNames.enum : undefined;
  if (names === undefined || typeof additionalProperties !== 'object') return;
  delete schema.propertyNames;
  schema.properties = Object.fromEntries(names.map((name) => [name, additionalProperties]));
  schema.additionalProperties = false;
}
