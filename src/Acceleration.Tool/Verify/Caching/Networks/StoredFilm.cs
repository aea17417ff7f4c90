namespace Acceleration.Tool;

/// <summary>Networks whose latents are stored as they are, with one text for each branch: <c>blocks.i.attn1</c> or <c>transformer_blocks.i.attn1</c> is their attention, over space where time is apart, <c>attn2</c> that to the text.</summary>
internal class StoredFilm(string modelClass) : StoredNetwork(modelClass)
{
    public override (Conditioning Condition, Conditioning? Negative) Conditions(GoldenFile file, bool guided)
    {
        Conditioning Of(string name)
        {
            var text = file.Read(name);
            return new((int)text.size(0), (ConditionNames.Text, text));
        }

        file.Ignore("input.uncond");
        return (Of("input.cond"), guided ? Of("input.uncond") : null);
    }

    // Blocks over space and over time take turns in one chain where both are there.
    protected override string? Path(IDenoiser network, string[] column) => column switch
    {
        ["blocks", var i, "attn1"] => $"blocks.{Number(i)}.attention",
        ["blocks", var i, "attn2"] => $"blocks.{Number(i)}.cross",
        ["transformer_blocks", var i, "attn1"] => $"blocks.{2 * Number(i)}.attention",
        ["transformer_blocks", var i, "attn2"] => $"blocks.{2 * Number(i)}.cross",
        ["temporal_transformer_blocks", var i, "attn1"] => $"blocks.{(2 * Number(i)) + 1}.temporal",
        _ => null,
    };
}
