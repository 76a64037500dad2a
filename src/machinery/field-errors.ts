/** Upstream: apimachinery/pkg/util/validation/field/errors.go. */
export type FieldErrorType =
  | 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueDuplicate'
  | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'FieldValueTypeInvalid' | 'FieldValueNotFound'

export interface FieldError {
  readonly type: FieldErrorType
  /** As the API server prints it: `spec.containers[0].image`. */
  readonly field: string
  /** Without the path: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string
}
