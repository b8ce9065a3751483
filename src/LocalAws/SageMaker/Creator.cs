using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker;

/// <summary>The user context of who makes or changes a resource.</summary>
internal static class Creator
{
    public static UserContext Of(Caller caller) => new(new IamIdentity(caller.Identity.Arn, caller.Identity.UserId));
}
