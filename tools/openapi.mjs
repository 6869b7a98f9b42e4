// `npm run openapi`: writes cloudfunctions/openapi.json from the contract (shared/contract). `--check` compares instead and exits 1 on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(path.join(root, 'cloudfunctions/package.json'));
const { routes } = require('@yingyun/shared/contract/routes');
const { problemMessages } = require('@yingyun/shared/contract/problem-messages');
const { frameBatchMediaType } = require('@yingyun/shared/contract/frame-batch');
const { routeAnswers } = require('@yingyun/shared/contract/route-answers');

const problemBody = {
  type: 'object',
  required: ['code', 'message', 'requestId'],
  properties: {
    code: { type: 'string', enum: Object.keys(problemMessages) },
    message: { type: 'string', description: '中文说明' },
    requestId: { type: 'string' },
    retryAfterSeconds: { type: 'integer' },
  },
};

/** What comes in, as sent: numbers in a query string are text, so that both forms are documented. Transforms have no JSON form and are left out. */
function schemaOf(schema) {
  const { $schema, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' });
  return rest;
}

function parametersOf(schema, place) {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema);
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }));
}

function answersOf(route, name) {
  const binary = { schema: { type: 'string', format: 'binary' } };
  const json = (title) => ({ 'application/json': { schema: { type: 'object', title } } });
  const media =
    {
      frames: { [frameBatchMediaType]: binary },
      document: { ...json('StructuredDocument'), 'application/pdf': binary },
      overlay: { 'application/octet-stream': binary },
    }[routeAnswers[name]] ?? json(routeAnswers[name]);
  const failed = (description) => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ProblemBody' } } },
  });
  return {
    200: { description: `${routeAnswers[name]}（shared/src/contract）`, content: media },
    400: failed(problemMessages['invalid-request'].message),
    ...(route.audience === 'public' ? {} : { 401: failed(problemMessages.unauthenticated.message) }),
    default: failed('见 docs/errors.md'),
  };
}

export function buildOpenApi() {
  const paths = {};
  for (const [name, route] of Object.entries(routes)) {
    const address = route.path.replace(/:(\w+)/g, '{$1}');
    paths[address] ??= {};
    paths[address][route.method.toLowerCase()] = {
      operationId: name,
      summary: route.summary,
      ...(route.audience === 'public' ? {} : { security: [{ [route.audience]: [] }] }),
      parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
      ...(route.body === undefined
        ? {}
        : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } } }),
      responses: answersOf(route, name),
    };
  }
  const bearer = (description) => ({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description });
  return {
    openapi: '3.1.0',
    info: {
      title: '影云 API',
      version: '0.1.0',
      description: '由 shared/src/contract 生成（npm run openapi），请勿手工修改。',
    },
    paths,
    components: {
      securitySchemes: {
        share: bearer('openShare 所得的浏览令牌'),
        staff: bearer('signIn 所得的工作人员令牌'),
        patient: bearer('signInPatient 或 renewPatient 所得的患者令牌'),
      },
      schemas: { ProblemBody: problemBody },
    },
  };
}

export const openApiFile = path.join(root, 'cloudfunctions/openapi.json');

if (process.argv[1] === import.meta.filename) {
  const text = `${JSON.stringify(buildOpenApi(), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(openApiFile, text);
  else if (readFileSync(openApiFile, 'utf8') !== text) {
    process.stderr.write('cloudfunctions/openapi.json is not what the contract says: run `npm run openapi`\n');
    process.exitCode = 1;
  }
}
