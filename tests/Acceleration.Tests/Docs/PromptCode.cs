using Acceleration.Models;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/models.md.</summary>
internal static class PromptCode
{
    public static void Encode(string model)
    {
        var tokenizer = PromptTokenizer.Load(Path.Combine(model, "tokenizer"));
        using var encoder = TextEncoder.Load(Path.Combine(model, "text_encoder"));

        var tokens = tokenizer.Encode(["a photo of a cat"]);
        if (tokens.IsCut)
        {
            Console.WriteLine($"{tokens.Cut[0]} tokens of the prompt are too many.");
        }

        using var encoded = encoder.Encode(tokens, TextLayer.ClipSkip(1));
        using var prompt = new PromptEmbeddings(new(1, (ConditionNames.Text, encoded.States.clone())), ["a photo of a cat"], encoder.Info.Weights);
        prompt.Save("cat.safetensors");
    }

    public static void Read(string fingerprint)
    {
        using var prompt = PromptEmbeddings.Read("cat.safetensors");
        prompt.RequireEncoder(fingerprint);
        var request = new SamplingRequest { Condition = prompt.Condition };
        Assert.Equal(1, request.Condition.Rows);
    }
}
