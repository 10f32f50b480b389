export const STACK_NAME = 'ModelStore';
/** Of the stack of roles that the tests deploy beside the quickstart. */
export const GRANTS_STACK_NAME = 'ModelStoreGrants';
