// The schema that the server tells of is the one in schema/, and everything in it is described.
import assert from 'node:assert/strict';
import {
  buildClientSchema, buildSchema, getIntrospectionQuery, isEnumType, isInputObjectType, isIntrospectionType, isSpecifiedScalarType,
  lexicographicSortSchema, printSchema,
} from 'graphql';
import { check, post, sdl } from './demo.mjs';

check('schema', async () => {
  const options = { descriptions: true, specifiedByUrl: true, inputValueDeprecation: true, oneOf: true };
  const { data, errors } = await post(getIntrospectionQuery(options));
  assert.equal(errors, undefined);
  const served = buildClientSchema(data);

  const all = [...things(served)];
  assert.deepEqual(all.filter(([, { description }]) => !description?.trim()).map(([name]) => name), [], 'without a description');
  const lines = (schema) => printSchema(lexicographicSortSchema(schema)).split('\n');
  assert.deepEqual(lines(served), lines(buildSchema(sdl())), 'the server (+) tells of another schema than schema/*.graphql (-)');
  return `${all.length} of ${all.length} types, fields, arguments and values are described; introspection equals schema/`;
});

function* things(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield [type.name, type];
    if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
    for (const field of Object.values(type.getFields?.() ?? {})) {
      yield [`${type.name}.${field.name}`, field];
      if (isInputObjectType(type)) continue;
      for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument];
    }
  }
}
