using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Slipway.Aws.Wire;

namespace Slipway.Aws.Client;

/// <summary>The official SDK's runtime pipeline (credentials, retries, signing, HTTP) for one service.</summary>
internal sealed class ServiceClient : AmazonServiceClient
{
    private readonly Marshaller _marshaller;

    public ServiceClient(AwsService service, Uri? endpoint, AWSCredentials? credentials, string? region)
        : base(credentials, Configure(service, endpoint, region))
    {
        _marshaller = new Marshaller(service);
    }

    /// <summary>Where the service is asked.</summary>
    public string Address => ((ServiceConfig)Config).Address;

    protected override IServiceMetadata ServiceMetadata { get; } = new Metadata();

    public async Task<object> Send(object request, Type response, CancellationToken cancellation)
    {
        var options = new InvokeOptions { RequestMarshaller = _marshaller, ResponseUnmarshaller = Unmarshaller.Instance };
        var raw = await InvokeAsync<RawResponse>(new RawRequest(request), options, cancellation);
        return _marshaller.Read(raw, response);
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        pipeline.AddHandlerAfter<Amazon.Runtime.Internal.Marshaller>(new SignatureVersion4());
    }

    private static ServiceConfig Configure(AwsService service, Uri? endpoint, string? region)
    {
        var config = new ServiceConfig(service);
        if (region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        if (endpoint is not null)
        {
            // a service URL clears the region, so the region must follow it as the signature's own
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }

        return config;
    }

    private sealed class ServiceConfig : ClientConfig
    {
        private readonly AwsService _service;

        public ServiceConfig(AwsService service)
            : base(new DefaultConfigurationProvider(new DefaultConfiguration
            {
                Name = DefaultConfigurationMode.Standard,
                RetryMode = RequestRetryMode.Standard,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                HttpRequestTimeout = TimeSpan.FromSeconds(100),
            }))
        {
            _service = service;
            ServiceId = service.Id;
            AuthenticationServiceName = service.SigningName;
        }

        public override string ServiceVersion => _service.ApiVersion;

        public override string RegionEndpointServiceName => _service.EndpointPrefix;

        public override string UserAgent { get; } = "slipway/" + typeof(ServiceClient).Assembly.GetName().Version?.ToString(3);

        public string Address => ServiceURL ?? $"https://{_service.EndpointPrefix}.{RegionEndpoint.SystemName}.amazonaws.com/";

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
            new(Address);
    }

    private sealed class DefaultConfigurationProvider(DefaultConfiguration configuration) : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) => configuration;
    }

    private sealed class SignatureVersion4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }

    private sealed class Metadata : IServiceMetadata
    {
        public string ServiceId => "Slipway";

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
