namespace Slipway.Tests.Fuzzing;

/// <summary>Requests of each protocol (<see cref="WireRequest"/>) that start no job: what they name is not there.</summary>
internal static class WireSeeds
{
    public static IReadOnlyList<string> Words { get; } =
    [
        "&", "=", "%", "%2e%2e%2f", "%00", "?", "/", ".member.1.", "Version=2010-05-08", "<", ">", "</", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#x0;", "<![CDATA[", "xmlns='a'", "\"", "{", "}", "[", "null", "\"\\ud800\"",
        "x-amz-checksum-crc32: AAAAAA==", "Range: bytes=0-", "If-Match: *", "uploadId=mpu-0", "partNumber=1", "versionId=null", "max-keys=1", "continuation-token=", "prefix=", "delimiter=/", "encoding-type=url", "--b\r\n",
    ];

    public static IReadOnlyList<(string Name, string[] Seeds)> All { get; } =
    [
        ("wire-query", [
            Form("iam", "Action=CreateRole&Version=2010-05-08&RoleName=fuzz&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D&Tags.member.1.Key=a&Tags.member.1.Value=b"),
            Form("iam", "Action=ListRoles&Version=2010-05-08&MaxItems=3&Marker=x"),
            Form("sts", "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fexecution&RoleSessionName=s&DurationSeconds=900"),
            "GET /?Action=GetCallerIdentity&Version=2011-06-15 sts\n\n",
            Form("sns", "Action=CreateTopic&Version=2010-03-31&Name=fuzz&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=x&Attributes.entry.2.key=DeliveryPolicy&Attributes.entry.2.value=%7B%22http%22%3A%7B%22defaultHealthyRetryPolicy%22%3A%7B%22numRetries%22%3A3%7D%7D%7D&Tags.member.1.Key=a&Tags.member.1.Value=b"),
            Form("sns", "Action=Subscribe&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Aabsent&Protocol=http&Endpoint=http%3A%2F%2F127.0.0.1%3A9%2F&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value=%7B%22a%22%3A%5B%7B%22numeric%22%3A%5B%22%3E%22%2C1%5D%7D%5D%7D"),
            Form("sns", "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Afuzz&Message=%7B%22default%22%3A%22x%22%7D&MessageStructure=json&Subject=s&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=Binary&MessageAttributes.entry.1.Value.BinaryValue=AgME"),
            Form("sqs", "Action=ReceiveMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2F127.0.0.1%3A4566%2F000000000000%2Ffuzz&MaxNumberOfMessages=3&AttributeName.1=All&WaitTimeSeconds=0"),
            "GET /?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:000000000000:fuzz&Token=00000000000000000000000000000000000000000000000000000000000000000000 -\n\n",
        ]),
        ("wire-rest-xml", [
            "POST /fuzz/k?uploadId=mpu-1 s3\n\n<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part></CompleteMultipartUpload>",
            "POST /fuzz?delete s3\nContent-MD5: *\n\n<Delete><Object><Key>a</Key></Object><Quiet>true</Quiet></Delete>",
            "PUT /fuzz/k?tagging s3\nContent-MD5: *\n\n<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
            "PUT /fuzz?versioning s3\nContent-MD5: *\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
            "PUT /fuzz?lifecycle s3\nContent-MD5: *\n\n<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>",
            "PUT /fuzz?cors s3\nContent-MD5: *\n\n<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
            "PUT /fuzz?encryption s3\nContent-MD5: *\n\n<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
            "GET /fuzz?list-type=2&max-keys=10&prefix=a&delimiter=/&start-after=a&encoding-type=url s3\n\n",
            "GET /fuzz?versions&key-marker=a&version-id-marker=b&max-keys=2 s3\n\n",
            "GET /fuzz?uploads&max-uploads=2&key-marker=k&upload-id-marker=mpu-1 s3\n\n",
            "GET /fuzz/k?partNumber=1&response-content-type=a/b s3\nRange: bytes=0-4\nIf-None-Match: \"a\"\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT\n\n",
            "PUT /fuzz/copy s3\nx-amz-copy-source: /fuzz/k?versionId=null\nx-amz-metadata-directive: REPLACE\nx-amz-meta-a: b\n\n",
            "PUT /fuzz s3\n\n<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
            "HEAD /fuzz/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-Signature=0 s3\n\n",
        ]),
        ("wire-json", [
            Json("sagemaker", "SageMaker.CreateTrainingJob", """{"TrainingJobName":"fuzz","AlgorithmSpecification":{"TrainingImage":"i","TrainingInputMode":"File"},"RoleArn":"arn:aws:iam::000000000000:role/nobody","OutputDataConfig":{"S3OutputPath":"s3://fuzz/o"},"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":1,"VolumeSizeInGB":1},"StoppingCondition":{"MaxRuntimeInSeconds":60},"HyperParameters":{"a":"1"}}"""),
            Json("sagemaker", "SageMaker.CreateFeatureGroup", """{"FeatureGroupName":"-","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"t","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"}],"OnlineStoreConfig":{"EnableOnlineStore":true}}"""),
            Json("sagemaker", "SageMaker.Search", """{"Resource":"Endpoint","SearchExpression":{"Filters":[{"Name":"EndpointName","Operator":"Contains","Value":"a"}],"Operator":"And"},"SortBy":"CreationTime","MaxResults":3,"NextToken":"x"}"""),
            Json("sagemaker", "SageMaker.ListModels", """{"MaxResults":5,"CreationTimeAfter":1760000000.5,"NameContains":"a","SortBy":"Name"}"""),
            Json("logs", "Logs_20140328.FilterLogEvents", """{"logGroupName":"g","filterPattern":"\"a b\" ?c -d","startTime":0,"limit":5}"""),
            Json("kms", "TrentService.Decrypt", """{"CiphertextBlob":"AQID","EncryptionContext":{"a":"b"}}"""),
            Json("ssm", "AmazonSSM.GetParametersByPath", """{"Path":"/a","Recursive":true,"ParameterFilters":[{"Key":"Type","Values":["String"]}],"MaxResults":2}"""),
            Json("events", "AWSEvents.TestEventPattern", """{"EventPattern":"{\"source\":[{\"prefix\":\"aws.\"},{\"anything-but\":[\"a\"]}],\"detail\":{\"n\":[{\"numeric\":[\">\",0,\"<=\",5]}],\"x\":[{\"exists\":false}],\"w\":[{\"wildcard\":\"a*b\"}]}}","Event":"{\"id\":\"1\",\"source\":\"aws.s3\",\"detail-type\":\"t\",\"account\":\"0\",\"time\":\"2026-01-01T00:00:00Z\",\"region\":\"r\",\"resources\":[],\"detail\":{\"n\":3,\"w\":\"axb\"}}"}"""),
            Json("events", "AWSEvents.PutRule", """{"Name":"fuzz","ScheduleExpression":"cron(0/15 8-18 ? * MON-FRI 2090)","State":"DISABLED","Description":"d"}"""),
            Json("codepipeline", "CodePipeline_20150709.CreatePipeline", """{"pipeline":{"name":"fuzz","roleArn":"arn:aws:iam::000000000000:role/nobody","artifactStore":{"type":"S3","location":"fuzz"},"stages":[{"name":"S","actions":[{"name":"a","actionTypeId":{"category":"Source","owner":"AWS","provider":"S3","version":"1"},"configuration":{"S3Bucket":"fuzz","S3ObjectKey":"k"},"outputArtifacts":[{"name":"o"}]}]},{"name":"D","actions":[{"name":"b","actionTypeId":{"category":"Approval","owner":"AWS","provider":"Manual","version":"1"},"configuration":{"CustomData":"#{variables.V}"},"runOrder":1}]}],"pipelineType":"V2","variables":[{"name":"V","defaultValue":"v"}]}}"""),
            Json("codebuild", "CodeBuild_20161006.CreateProject", """{"name":"fuzz","serviceRole":"arn:aws:iam::000000000000:role/nobody","source":{"type":"NO_SOURCE","buildspec":"version: 0.2"},"artifacts":{"type":"NO_ARTIFACTS"},"environment":{"type":"LINUX_CONTAINER","image":"i","computeType":"BUILD_GENERAL1_SMALL","environmentVariables":[{"name":"A","value":"b","type":"PLAINTEXT"}]}}"""),
            Json("codecommit", "CodeCommit_20150413.PutFile", """{"repositoryName":"fuzz","branchName":"main","filePath":"a/../b","fileContent":"QQ==","parentCommitId":"0000000000000000000000000000000000000000"}"""),
            Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"fuzz.fifo","Attributes":{"FifoQueue":"true","VisibilityTimeout":"5","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:d.fifo\",\"maxReceiveCount\":3}"}}"""),
            Json("sqs", "AmazonSQS.SendMessage", """{"QueueUrl":"http://127.0.0.1:4566/000000000000/fuzz","MessageBody":"x","DelaySeconds":1,"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"QQ=="}}}"""),
            Json("ecr", "AmazonEC2ContainerRegistry_V20150921.SetRepositoryPolicy", """{"repositoryName":"a/b","policyText":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"""),
        ]),
        ("wire-rest-json", [
            "PUT /FeatureGroup/fuzz sagemaker\nContent-Type: application/json\n\n{\"Record\":[{\"FeatureName\":\"id\",\"ValueAsString\":\"1\"}],\"TtlDuration\":{\"Unit\":\"Days\",\"Value\":1}}",
            "GET /FeatureGroup/fuzz?RecordIdentifierValueAsString=1&FeatureName=a&FeatureName=b&ExpirationTimeResponse=Enabled sagemaker\n\n",
            "POST /BatchGetRecord sagemaker\n\n{\"Identifiers\":[{\"FeatureGroupName\":\"fuzz\",\"RecordIdentifiersValueAsString\":[\"1\",\"2\"]}]}",
            "POST /endpoints/fuzz/invocations sagemaker\nContent-Type: text/csv\nX-Amzn-SageMaker-Custom-Attributes: a\n\n1,2",
        ]),
        ("wire-chunked", [
            "PUT /fuzz/chunked s3\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\nx-amz-decoded-content-length: 11\nx-amz-trailer: x-amz-checksum-crc32\n\n5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n",
            "PUT /fuzz/chunked?partNumber=1&uploadId=mpu-1 s3\nx-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\nx-amz-decoded-content-length: 5\nContent-MD5: XUFAKrxLKna5cZ2REBfFkg==\n\n5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n\r\n",
        ]),
        ("wire-multipart", [
            "POST /fuzz -\nContent-Type: multipart/form-data; boundary=b\n\n--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/${filename}\r\n--b\r\nContent-Disposition: form-data; name=\"policy\"\r\n\r\neyJleHBpcmF0aW9uIjoiMjA5MC0wMS0wMVQwMDowMDowMFoiLCJjb25kaXRpb25zIjpbeyJidWNrZXQiOiJmdXp6In0sWyJzdGFydHMtd2l0aCIsIiRrZXkiLCJhLyJdLFsic3RhcnRzLXdpdGgiLCIkeC1hbXotYWxnb3JpdGhtIiwiIl0sWyJzdGFydHMtd2l0aCIsIiR4LWFtei1jcmVkZW50aWFsIiwiIl0sWyJzdGFydHMtd2l0aCIsIiR4LWFtei1kYXRlIiwiIl0sWyJjb250ZW50LWxlbmd0aC1yYW5nZSIsMCwxMDBdXX0=\r\n--b\r\nContent-Disposition: form-data; name=\"x-amz-algorithm\"\r\n\r\nAWS4-HMAC-SHA256\r\n--b\r\nContent-Disposition: form-data; name=\"x-amz-credential\"\r\n\r\ntest/20260101/us-east-1/s3/aws4_request\r\n--b\r\nContent-Disposition: form-data; name=\"x-amz-date\"\r\n\r\n20260101T000000Z\r\n--b\r\nContent-Disposition: form-data; name=\"x-amz-signature\"\r\n\r\n0\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n",
        ]),
    ];

    private static string Form(string service, string form) => $"POST / {service}\nContent-Type: application/x-www-form-urlencoded\n\n{form}";

    private static string Json(string service, string target, string body) => $"POST / {service}\nX-Amz-Target: {target}\nContent-Type: application/x-amz-json-1.1\n\n{body}";
}
