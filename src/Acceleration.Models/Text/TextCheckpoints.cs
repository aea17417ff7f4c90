using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What the configurations and files of all text encoders have in common.</summary>
internal static class TextCheckpoints
{
    /// <summary>Keys that transformers writes into any configuration, and that have no influence on an encoder's result.</summary>
    private static readonly string[] Free =
    [
        "model_type", "architectures", "torch_dtype", "dtype", "transformers_version", "bos_token_id", "pad_token_id", "decoder_start_token_id", "initializer_factor", "initializer_range", "attention_dropout", "dropout",
        "dropout_rate", "classifier_dropout", "use_cache", "tie_word_embeddings", "tokenizer_class", "task_specific_params", "output_past", "n_positions", "is_encoder_decoder", "num_decoder_layers", "return_dict",
        "output_attentions", "output_hidden_states", "gradient_checkpointing",
    ];

    /// <summary>Notes them.</summary>
    public static void IgnoreFree(CheckpointConfig config) => config.Ignore(Free);

    /// <summary>What stands before the name of a tensor that there is.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public static string PrefixOf(ICheckpoint file, params IReadOnlyList<string> marks)
    {
        foreach (var mark in marks)
        {
            if (file.Names.FirstOrDefault(n => n.EndsWith(mark, StringComparison.Ordinal)) is { } name)
            {
                return name[..^mark.Length];
            }
        }

        throw new CheckpointException(file.FilePath, null, $"among its {file.Names.Count} tensors there is no {string.Join(" or ", marks)}.");
    }

    /// <summary>The table of tokens in its stored type, as a view of the file where it can be: of a quarter of a million tokens a request reads some hundred.</summary>
    public static Embedding Embedding(ICheckpoint file, WeightMap weights, string prefix, string name, long count, long width)
    {
        var stored = file.Tensors.GetValueOrDefault($"{prefix}{name}.weight")?.DType;
        return new(weights.Take(name + ".weight", [count, width], stored is ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64 ? stored : ScalarType.Float32));
    }
}
