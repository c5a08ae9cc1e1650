// The schema that the server tells of is the one in schema/, everything in it is described, and each field says who
// may select it. /schema.graphql is the same schema.
import assert from 'node:assert/strict';
import {
  buildClientSchema, buildSchema, getIntrospectionQuery, isEnumType, isInputObjectType, isIntrospectionType, isSpecifiedScalarType,
  lexicographicSortSchema, printSchema,
} from 'graphql';
import { base, check, post, sdl } from './demo.mjs';

const openTo = /\n\nOpen to [^\n]+\.$/;

check('schema', async () => {
  const options = { descriptions: true, specifiedByUrl: true, inputValueDeprecation: true, oneOf: true };
  const { data, errors } = await post(getIntrospectionQuery(options));
  assert.equal(errors, undefined);
  const served = buildClientSchema(data);

  const all = [...things(served)];
  assert.deepEqual(all.filter(([, { description }]) => !description?.trim()).map(([name]) => name), [], 'without a description');
  const lines = (schema) => printSchema(lexicographicSortSchema(schema)).split('\n');
  const file = buildSchema(await (await fetch(`${base}/schema.graphql`)).text());
  assert.deepEqual(lines(file), lines(served), '/schema.graphql (+) is another schema than the one of introspection (-)');

  const fields = all.filter(([name, { type, args }]) => type && args && name.includes('.'));
  assert.deepEqual(fields.filter(([, { description }]) => !openTo.test(description)).map(([name]) => name), [], 'open to whom?');
  for (const [, field] of fields) field.description = field.description.replace(openTo, '');
  assert.deepEqual(lines(served), lines(buildSchema(sdl())), 'the server (+) tells of another schema than schema/*.graphql (-)');
  return `${all.length} of ${all.length} types, fields, arguments and values are described; ${fields.length} fields say who may ` +
    'select them; introspection equals schema/ and /schema.graphql';
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
