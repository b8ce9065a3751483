using System.Net;
using System.Text.Json.Nodes;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sts;
using Slipway.Aws.Wire;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow;

/// <summary>The resources that everything else works with, made where they are missing; the CDK stacks make them in an account of one's own.</summary>
public static class Resources
{
    private const string RoleName = "slipway-sagemaker-execution";

    /// <summary>Makes bucket, role and model package group where they are missing.</summary>
    /// <returns>The variables that name them.</returns>
    public static async Task<IReadOnlyList<(string Name, string Value)>> Ensure(
        AwsSession session, DataSetSpecification specification, ProjectNames names, string? bucket, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(names);
        bucket ??= names.Bucket ?? $"{specification.Name}-data-{(await session.Aws.Send(new GetCallerIdentity(), cancellation)).Account}-{session.Region}";
        await EnsureBucket(session, bucket, cancellation);
        var role = await EnsureRole(session, RoleName, "Slipway's jobs, pipelines and models run as this role.", ["sagemaker.amazonaws.com"], cancellation);
        await EnsureGroup(session, names.ModelPackageGroup, cancellation);
        return
        [
            ("DATA_BUCKET", bucket), ("SM_EXEC_ROLE_ARN", role),
            ("FEATURE_GROUP_NAME", names.FeatureGroup), ("MODEL_PACKAGE_GROUP_NAME", names.ModelPackageGroup), ("ENDPOINT_NAME", names.Endpoint),
        ];
    }

    internal static async Task EnsureBucket(AwsSession session, string bucket, CancellationToken cancellation)
    {
        try
        {
            await session.S3.HeadBucketAsync(new() { BucketName = bucket }, cancellation);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            await session.S3.PutBucketAsync(bucket, cancellation);
        }
    }

    internal static async Task<string> EnsureRole(AwsSession session, string name, string description, string[] services, CancellationToken cancellation)
    {
        try
        {
            return (await session.Aws.Send(new GetRole(name), cancellation)).Role.Arn;
        }
        catch (AwsException e) when (e.Code == "NoSuchEntity")
        {
            var trust = new JsonObject
            {
                ["Version"] = "2012-10-17",
                ["Statement"] = new JsonArray(new JsonObject
                {
                    ["Effect"] = "Allow", ["Principal"] = new JsonObject { ["Service"] = new JsonArray([.. services.Select(s => (JsonNode)s)]) }, ["Action"] = "sts:AssumeRole",
                }),
            };
            return (await session.Aws.Send(new CreateRole(name, trust.ToJsonString(), Description: description), cancellation)).Role.Arn;
        }
    }

    internal static async Task EnsureGroup(AwsSession session, string group, CancellationToken cancellation)
    {
        try
        {
            await session.Aws.Send(new DescribeModelPackageGroup(group), cancellation);
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            await session.Aws.Send(new CreateModelPackageGroup(group, ModelPackageGroupDescription: "Versions that passed the gate."), cancellation);
        }
    }
}
