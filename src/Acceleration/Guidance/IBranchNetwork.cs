namespace Acceleration;

/// <summary>
/// Has another network evaluate a branch: in a call of its own, without the strategies that work at the sites of the sampler's network. Its strategy says so in <see cref="Requirements.NetworkOf"/>.
/// </summary>
public interface IBranchNetwork : IRun
{
    /// <summary>The branch.</summary>
    int Branch { get; }

    /// <summary>What evaluates it; the caller's own, disposed by nobody here.</summary>
    IDenoiser Network { get; }
}
