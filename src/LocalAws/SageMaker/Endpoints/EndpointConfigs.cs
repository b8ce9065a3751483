using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.SageMaker.Models;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>Endpoint configurations: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html</summary>
internal sealed class EndpointConfigs(LocalAwsOptions options, Database database, ModelStore models, Roles roles, Tags tags)
{
    /// <summary>The most instances of a variant: each is a process of its own on this machine.</summary>
    public const int MostInstances = 8;

    private readonly Table<DescribeEndpointConfig.Response> _configs = new(database, "endpoint-config", c => c.EndpointConfigName);

    public CreateEndpointConfig.Response Create(CreateEndpointConfig request, Caller caller)
    {
        var arn = caller.Arn("sagemaker", "endpoint-config/" + request.EndpointConfigName);
        CheckVariants(request.ProductionVariants, caller);
        if (request.ExecutionRoleArn is { } role)
        {
            roles.Require(role);
        }

        database.Write(_ =>
        {
            if (!_configs.Insert(new(
                request.EndpointConfigName, arn, request.ProductionVariants, NextCreation(), request.KmsKeyId, request.ExecutionRoleArn,
                request.VpcConfig, request.EnableNetworkIsolation)))
            {
                throw AwsErrors.Validation($"Cannot create already existing endpoint configuration \"{arn}\".");
            }

            tags.Create(arn, request.Tags);
        });
        return new(arn);
    }

    public DescribeEndpointConfig.Response Describe(DescribeEndpointConfig request, Caller caller) => Require(request.EndpointConfigName, caller);

    public ListEndpointConfigs.Response List(ListEndpointConfigs request)
    {
        var page = new Listing(
                request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Descending,
                request.NextToken, request.MaxResults)
            .Page(_configs.All(), c => c.EndpointConfigName, c => c.CreationTime, c => c.EndpointConfigArn);
        return new([.. page.Items.Select(c => new EndpointConfigSummary(c.EndpointConfigName, c.EndpointConfigArn, c.CreationTime))], page.NextToken);
    }

    public void Delete(DeleteEndpointConfig request, Caller caller) => database.Write(_ =>
    {
        var config = Require(request.EndpointConfigName, caller);
        _configs.Delete(config.EndpointConfigName);
        tags.Forget(config.EndpointConfigArn);
    });

    /// <summary>A configuration by its name.</summary>
    /// <exception cref="AwsException">ValidationException: there is none.</exception>
    public DescribeEndpointConfig.Response Require(string name, Caller caller) => _configs.Find(name)
        ?? throw AwsErrors.Validation($"Could not find endpoint configuration \"{caller.Arn("sagemaker", "endpoint-config/" + name)}\".");

    /// <summary>The time of a new configuration, after that of every other: who rolls back goes by it, and a clock may have been set back.</summary>
    private DateTimeOffset NextCreation()
    {
        var (now, last) = (options.Time.GetUtcNow(), _configs.All().Max(c => (DateTimeOffset?)c.CreationTime));
        return last >= now ? last.Value.AddMilliseconds(1) : now;
    }

    private void CheckVariants(IReadOnlyList<ProductionVariant> variants, Caller caller)
    {
        if (variants.GroupBy(v => v.VariantName).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"Production variant name {doubled.Key} is used more than once.");
        }

        foreach (var variant in variants)
        {
            if (variant is not { ModelName: { } model, InitialInstanceCount: { } count, InstanceType: not null })
            {
                throw AwsErrors.Validation($"Production variant {variant.VariantName} needs a ModelName, an InitialInstanceCount and an InstanceType.");
            }

            RequireCapacity(count);
            models.Served(model, caller);
        }
    }

    /// <summary>Checks a number of instances of a variant.</summary>
    /// <exception cref="AwsException">ResourceLimitExceeded.</exception>
    public static void RequireCapacity(int count)
    {
        if (count > MostInstances)
        {
            throw AwsErrors.ResourceLimitExceeded($"Local AWS runs at most {MostInstances} instances of a variant, each as a process; {count} were asked for.");
        }
    }
}
