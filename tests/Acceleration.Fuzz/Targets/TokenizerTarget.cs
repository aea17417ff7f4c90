using System.Text;
using Acceleration.Models;

namespace Acceleration.Fuzz;

/// <summary>One damaged file of a tokenizer, and a prompt for what loads in spite of it.</summary>
internal sealed class TokenizerTarget : IFuzzTarget
{
    private static readonly string[] Names = ["vocab.json", "merges.txt", "tokenizer.json", "spiece.model", "tokenizer_config.json"];

    private readonly string _folder;
    private readonly byte[][] _valid;
    private readonly JsonTree _config = JsonTree.Parse("""{"pad_token": "!", "bos_token": {"content": "<|startoftext|>"}, "model_max_length": 77, "added_tokens_decoder": {"1143": {"content": "<|startoftext|>", "lstrip": true}, "1144": {"content": "<|endoftext|>"}}, "legacy": false, "extra_ids": 3}""");
    private readonly JsonMutator _mutator = new(["pad_token", "content", "<|endoftext|>", "!", "added_tokens_decoder", "additional_special_tokens", "<extra_id_0>", "1", "single_word", "true"]);

    public TokenizerTarget(string folder)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, "tokenizer")).FullName;
        var valid = Path.Combine(AppContext.BaseDirectory, "Tokenizers");
        _valid = [.. Names.Select(n => n == Names[^1] ? [] : File.ReadAllBytes(Path.Combine(valid, n == "spiece.model" ? "t5" : "clip", n)))];
    }

    public string Name => "tokenizer";

    public int Weight => 2;

    /// <summary>The number of a file, and what is in it.</summary>
    public byte[] Make(Random random)
    {
        var at = random.Next(Names.Length);
        if (at < Names.Length - 1)
        {
            return [(byte)at, .. ByteMutator.Damage(random, _valid[at], random.OneIn(2) ? 400 : int.MaxValue)];
        }

        var config = _config.Copy();
        _mutator.Change(random, config, _config);
        return [(byte)at, .. Encoding.UTF8.GetBytes(config.ToString())];
    }

    public string Run(byte[] input)
    {
        var at = input[0] % Names.Length;
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            File.Delete(file);
        }

        if (at != 2 && at != 3)
        {
            foreach (var i in new[] { 0, 1 })
            {
                File.WriteAllBytes(Path.Combine(_folder, Names[i]), _valid[i]);
            }
        }

        File.WriteAllBytes(Path.Combine(_folder, Names[at]), input[1..]);
        return Expect.Checkpoint(_folder, () =>
        {
            var tokenizer = PromptTokenizer.Load(_folder);
            foreach (var text in new[] { "", "a photo of a <|endoftext|> cat! ΑΣ 猫 \u0001é", "</s> <extra_id_0> ▁▁ it's\uD800" })
            {
                tokenizer.Segment(text);
                if (tokenizer.Encode([text], 12).Ids[0].Any(i => i >= tokenizer.Size))
                {
                    throw new FuzzException("An id is beyond the tokenizer's size.");
                }
            }
        });
    }
}
