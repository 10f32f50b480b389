// The CDK validates every synthesised template against CloudFormation's rules, which takes seconds for a store. One test
// (test/compliance/cloudformation.test.ts) does it for the reference stack; the others look at what they are about.
process.env.CDK_VALIDATION = 'false';
