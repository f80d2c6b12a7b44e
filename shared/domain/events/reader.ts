/** @file What this build can read, as one text: a store that was read with another text reads again what was kept raw. Pure. */
import * as z from 'zod/mini'
import { canonical } from '../canonical.ts'
import { documentSchemas } from '../documents.ts'
import { envelopeSchema } from './envelope.ts'
import { FEATURES } from './features.ts'
import { dataSchemas, VERSIONS } from './kinds.ts'

const shapesOf = (schemas: Readonly<Record<string, z.core.$ZodType>>) =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { unrepresentable: 'any' }),
    ]),
  )

/** Every kind with its version and shape, the documents and the features. Differs whenever a build reads more than another. */
export function readerText(): string {
  const envelope = shapesOf({ envelope: envelopeSchema })
  const [data, documents] = [shapesOf(dataSchemas), shapesOf(documentSchemas)]
  return canonical({ versions: VERSIONS, features: FEATURES, envelope, data, documents })
}
