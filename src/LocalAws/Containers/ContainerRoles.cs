using Slipway.LocalAws.Access;
using Slipway.LocalAws.Iam;

namespace Slipway.LocalAws.Containers;

/// <summary>The credentials that containers get: temporary ones of their role, which work as long as the container runs.</summary>
internal sealed class ContainerRoles(Roles roles, CredentialStore credentials)
{
    /// <summary>Gives a container the credentials of its role.</summary>
    /// <exception cref="ContainerStartException">The role is not there.</exception>
    public ContainerSpec Lend(ContainerSpec spec)
    {
        if (spec.RoleArn is not { } arn)
        {
            return spec;
        }

        var role = roles.Find(arn) ?? throw new ContainerStartException($"Could not assume role {arn}: it does not exist.");
        return spec with { Credential = credentials.Lend(Identity.Session(role, spec.SessionName)) };
    }

    /// <summary>Ends the credentials of a container that runs no more.</summary>
    public void TakeBack(ContainerSpec spec)
    {
        if (spec.Credential is { } credential)
        {
            credentials.TakeBack(credential);
        }
    }
}
