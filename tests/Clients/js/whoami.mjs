// run as a job: says who it is
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';

console.log((await new STSClient().send(new GetCallerIdentityCommand())).Arn);
