import { describe, expect, it } from 'vitest'
import * as errors from './errors.ts'
import * as fields from './field-errors.ts'

const pods = { group: '', name: 'pods' }
const deployments = { group: 'apps', name: 'deployments' }

describe('status errors speak as the API server does', () => {
  it.each<[errors.StatusError, number, string, string]>([
    [errors.notFound(pods, 'x'), 404, 'NotFound', 'pods "x" not found'],
    [errors.notFound(deployments, 'x'), 404, 'NotFound', 'deployments.apps "x" not found'],
    [errors.alreadyExists(pods, 'x'), 409, 'AlreadyExists', 'pods "x" already exists'],
    [
      errors.conflict(pods, 'x'),
      409,
      'Conflict',
      'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [errors.forbiddenRequest(pods, 'x', 'no'), 403, 'Forbidden', 'pods "x" is forbidden: no'],
    [errors.forbiddenRequest(pods, '', 'no'), 403, 'Forbidden', 'pods is forbidden: no'],
    [errors.badRequest('what?'), 400, 'BadRequest', 'what?'],
    [errors.unauthorized(), 401, 'Unauthorized', 'Unauthorized'],
    [
      errors.methodNotAllowed(),
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [errors.noSuchResource(), 404, 'NotFound', 'the server could not find the requested resource'],
    [errors.notAcceptable(['a', 'b']), 406, 'NotAcceptable', 'only the following media types are accepted: a, b'],
    [
      errors.unsupportedMediaType(['a']),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: a',
    ],
    [errors.tooManyRequests('later', 5), 429, 'TooManyRequests', 'later'],
    [errors.expired('old'), 410, 'Expired', 'old'],
    [errors.timeout('slow'), 504, 'Timeout', 'slow'],
    [errors.internalError('oops'), 500, 'InternalError', 'Internal error occurred: oops'],
    [errors.plainError('oops'), 500, '', 'oops'],
  ])('%s', (error, code, reason, message) => {
    expect([error.code, error.reason, error.message]).toEqual([code, reason, message])
    expect(error.status).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code,
      message,
    })
  })

  it('names what it is about, without what is empty', () => {
    expect(errors.notFound(pods, 'x').status.details).toEqual({ name: 'x', kind: 'pods' })
    expect(errors.tooManyRequests('later', 5).status.details).toEqual({ retryAfterSeconds: 5 })
  })

  it('gives each field error as a cause, and repeats none in its text', () => {
    const missing = fields.required('spec.a')
    const one = errors.invalidObject({ group: 'apps', name: 'Deployment' }, 'x', [missing])
    expect(one.message).toBe('Deployment.apps "x" is invalid: spec.a: Required value')
    expect(one.status.details).toEqual({
      name: 'x',
      group: 'apps',
      kind: 'Deployment',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' }],
    })
    const two = errors.invalidObject(pods, 'x', [missing, missing, fields.required('spec.b')])
    expect(two.message).toBe('pods "x" is invalid: [spec.a: Required value, spec.b: Required value]')
  })
})

describe('field errors', () => {
  it.each<[fields.FieldError, string, string]>([
    [fields.required('f', 'say it'), 'FieldValueRequired', 'Required value: say it'],
    [fields.invalid('f', 'a"b', 'no'), 'FieldValueInvalid', 'Invalid value: "a\\"b": no'],
    [fields.invalid('f', { b: 1, a: [2] }, 'no'), 'FieldValueInvalid', 'Invalid value: {"a":[2],"b":1}: no'],
    [fields.invalid('f', undefined, 'no'), 'FieldValueInvalid', 'Invalid value: null: no'],
    [
      fields.notSupported('f', 'x', ['a', 'b']),
      'FieldValueNotSupported',
      'Unsupported value: "x": supported values: "a", "b"',
    ],
    [fields.duplicate('f', 'x'), 'FieldValueDuplicate', 'Duplicate value: "x"'],
    [fields.forbidden('f', 'no'), 'FieldValueForbidden', 'Forbidden: no'],
    [fields.tooLong('f', 10), 'FieldValueTooLong', 'Too long: may not be more than 10 bytes'],
    [fields.tooMany('f', 3, 1), 'FieldValueTooMany', 'Too many: 3: must have at most 1 item'],
    [fields.typeInvalid('f', 5, 'no'), 'FieldValueTypeInvalid', 'Invalid value: 5: no'],
    [fields.notFoundValue('f', 'x'), 'FieldValueNotFound', 'Not found: "x"'],
  ])('%j', (error, type, message) => expect([error.type, error.field, error.message]).toEqual([type, 'f', message]))
})
