namespace Slipway.Aws.SageMaker;

/// <summary>Who made or changed a resource: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UserContext.html</summary>
public sealed record UserContext(IamIdentity? IamIdentity = null);

/// <summary>The identity behind a request: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_IamIdentity.html</summary>
public sealed record IamIdentity(string? Arn = null, string? PrincipalId = null);
