import { codeBlocks } from '../../docs/support/documents';
import { proves } from '../../fidelity/proves';
import { tryCommand } from '../rig/run-command';
import { storeUnderTest } from '../rig/store-under-test';

/**
 * Runs the lines of the example with boto3, whose service models reject parameters that a service does not accept.
 * Nothing is sent: the request is intercepted.
 */
const RUN = `
import json, sys, types
import botocore, botocore.awsrequest, botocore.session
asked = []
def answer(request, **_):
    asked.append([request.headers.get("X-Amz-Target").decode(), json.loads(request.body)])
    raw = types.SimpleNamespace(stream=lambda **_: iter([b"{}"]))
    return botocore.awsrequest.AWSResponse(request.url, 200, {}, raw)
def client(name):
    made = botocore.session.get_session().create_client(
        name, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    made.meta.events.register("before-send", answer)
    return made
sys.modules["boto3"] = types.SimpleNamespace(client=client)
names = dict(TRAINING_ROLE_ARN="arn:aws:iam::111122223333:role/training", BUCKET="models", OUTPUT_BUCKET="output", DIGEST="e3b0c442",
             IMAGE="111122223333.dkr.ecr.eu-central-1.amazonaws.com/fraud-scorer:1.0.0")
exec(sys.argv[1], names)
print(json.dumps({"version": botocore.__version__, "asked": asked}))
`;

test('boto3 accepts the training job in the SageMaker example', async () => {
  const [block, ...others] = codeBlocks('python').filter(({ document }) => document === 'examples/sagemaker/README.md');
  expect(others).toEqual([]);
  const { exitCode, stdout, stderr } = await tryCommand(storeUnderTest().localAws.python, ['-c', RUN, block.text]);
  expect([exitCode, stderr]).toEqual([0, '']);
  const { version, asked } = JSON.parse(stdout) as { version: string; asked: Array<[string, { RoleArn: string }]> };
  expect(asked.map(([target, { RoleArn }]) => [target, RoleArn])).toEqual([['SageMaker.CreateTrainingJob', 'arn:aws:iam::111122223333:role/training']]);
  proves({ name: 'botocore', version }, 'sagemaker.create-training-job.request');
});
