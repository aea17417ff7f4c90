using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Runs a function at every attention it claims.</summary>
internal sealed class AttentionProbe(Func<SiteCall, AttentionInput, AttentionNext, Tensor> attend) : Run, IAttentionHook
{
    public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next) => attend(call, input, next);
}
