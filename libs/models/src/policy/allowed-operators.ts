/**
 * Operators of ONNX that a package may use: those that only compute, of convolutional, recurrent, attention and detection
 * networks. None that loops (`Loop`, `Scan`), branches on what it computed (`If`), draws by chance, or comes from another
 * domain: such a model could run for ever, or differ from run to run.
 */
export const onnxOperators: ReadonlySet<string> = new Set(
  `Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast CastLike Ceil Clip Concat Constant ConstantOfShape Conv
   ConvTranspose Cos CumSum DepthToSpace DequantizeLinear Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand
   Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual
   GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization LSTM LayerNormalization LeakyRelu Less
   LessOrEqual Log LogSoftmax MatMul MatMulInteger Max MaxPool Mean Min Mish Mod Mul Neg NonMaxSuppression Not Or PRelu
   Pad Pow QLinearConv QLinearMatMul QuantizeLinear RNN Range Reciprocal ReduceL2 ReduceLogSumExp ReduceMax ReduceMean
   ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round ScatterElements ScatterND Selu Shape Sigmoid
   Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Tile TopK Transpose Trilu
   Unsqueeze Upsample Where Xor`.split(/\s+/),
);

/**
 * The same of TensorFlow graphs, in TF.js graph models and SavedModels. None opens a file or calls code; those in the last
 * lines make texts, or are how a SavedModel keeps its own weights in memory.
 */
export const tensorflowOperators: ReadonlySet<string> = new Set(
  `Abs Add AddN AddV2 All Any ArgMax ArgMin AvgPool BatchMatMul BatchMatMulV2 BiasAdd Cast ConcatV2 Const Conv1D Conv2D
   Conv2DBackpropInput Cos Cumsum DepthToSpace DepthwiseConv2dNative Div Einsum Elu Equal Erf Exp ExpandDims Fill Floor
   FloorDiv FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 Gather GatherV2 Greater GreaterEqual Identity IdentityN
   LeakyRelu Less LessEqual Log LogSoftmax LogicalAnd LogicalNot LogicalOr MatMul Max MaxPool Maximum Mean Min Minimum
   MirrorPad Mul Neg NoOp NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 OneHot Pack Pad PadV2 Placeholder
   Pow Prelu Prod Range RealDiv Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor ReverseV2 Round Rsqrt
   Select SelectV2 Selu Shape Sigmoid Sign Sin Slice Softmax Softplus SpaceToDepth Split SplitV Sqrt Square
   SquaredDifference Squeeze StopGradient StridedSlice Sub Sum Tanh Tile TopKV2 Transpose Unpack Where ZerosLike
   _FusedConv2D _FusedMatMul _FusedDepthwiseConv2dNative
   AssignVariableOp DisableCopyOnRead PartitionedCall ReadVariableOp ShardedFilename StatefulPartitionedCall
   StaticRegexFullMatch StringJoin VarHandleOp VarIsInitializedOp`.split(/\s+/),
);

/**
 * Operators that open files, which every SavedModel with variables has: only where its saver puts them, on the file that
 * whoever loads it names (`misplacedFileOperator`).
 */
export const saverOperators: ReadonlySet<string> = new Set(['MergeV2Checkpoints', 'RestoreV2', 'SaveV2']);

/** Layers of a Keras topology in a TF.js layers model. No `Lambda`, which holds code. */
export const kerasLayers: ReadonlySet<string> = new Set(
  `InputLayer Dense Activation ReLU LeakyReLU PReLU ELU Softmax Conv1D Conv2D Conv2DTranspose SeparableConv2D
   DepthwiseConv2D BatchNormalization LayerNormalization Dropout SpatialDropout1D SpatialDropout2D GaussianNoise Flatten
   Reshape Permute RepeatVector MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D GlobalAveragePooling1D
   GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D ZeroPadding2D Cropping2D UpSampling2D Add Subtract
   Multiply Average Maximum Minimum Concatenate Dot Rescaling Masking LSTM GRU SimpleRNN Bidirectional TimeDistributed
   Embedding`.split(/\s+/),
);
